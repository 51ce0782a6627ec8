// What a certificate is called, beside what names it. Others may have chosen that, so it cannot turn the reading direction around it.
import { html, nothing } from "lit";

/** @param {string | undefined} label */
export const called = (label) => (label === undefined ? nothing : html` <bdi class="called">${label}</bdi>`);
