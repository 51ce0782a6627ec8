// Is a port on loopback to be had?
import { createServer } from "node:net";

/**
 * @param {number} port
 * @returns {Promise<string | undefined>} why not
 */
export const portInUse = (port) =>
  new Promise((resolve) => {
    const server = createServer();
    server.once("error", (/** @type {NodeJS.ErrnoException} */ error) => {
      resolve(
        error.code === "EADDRINUSE" ? `port ${port} is taken` : `port ${port} is not usable (${error.code})`,
      );
    });
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(undefined)));
  });
