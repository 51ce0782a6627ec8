// Links to screens of one order and of one job.

/** @param {string} name of an order */
export const orderLink = (name) => `#/orders/${encodeURIComponent(name).replaceAll("%3A", ":")}`;

/** @param {string} id */
export const jobLink = (id) => `#/jobs/${encodeURIComponent(id)}`;
