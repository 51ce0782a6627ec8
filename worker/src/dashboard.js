// A Worker of its own before the edge: serves the dashboard's files, and passes everything else on.
// It imports nothing, so that workerd takes it as it stands.

const MEDIA_TYPES = {
  html: "text/html; charset=utf-8",
  css: "text/css; charset=utf-8",
  js: "text/javascript; charset=utf-8",
  wasm: "application/wasm",
  svg: "image/svg+xml",
  ico: "image/x-icon",
  png: "image/png",
};

/** The same as in www/public/_headers, which is for other hosts of these files. */
const HEADERS = {
  "Cache-Control": "no-cache",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; " +
    "connect-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; " +
    "require-trusted-types-for 'script'; trusted-types lit-html autorevoke-workers",
};

export default {
  async fetch(request, env) {
    if (!URL.canParse(request.url)) return hostIsNone();
    return (await file(request, env)) ?? env.EDGE.fetch(request);
  },
};

/** The file at this address, or nothing. */
async function file(request, env) {
  const url = new URL(request.url);
  if (request.method !== "GET" || url.pathname.startsWith("/v1/")) return undefined;
  if (url.pathname === "/") url.pathname = "/index.html";
  const mediaType = MEDIA_TYPES[/\.([a-z]+)$/.exec(url.pathname)?.[1]];
  if (!mediaType) return undefined;
  const found = await env.ASSETS.fetch(new Request(url)).catch(() => undefined);
  if (found?.ok) return new Response(found.body, { headers: { ...HEADERS, "Content-Type": mediaType } });
  await found?.body?.cancel();
  return undefined;
}

/** What the edge says to such a request. It cannot be passed on to it: there is no address to pass it on under. */
function hostIsNone() {
  const instance = `urn:uuid:${crypto.randomUUID()}`;
  const time = new Date().toISOString();
  console.log(JSON.stringify({ time, event: "request", instance, route: "?", actor: null, status: 400 }));
  const problem = {
    type: "urn:autorevoke:problem:malformed-request",
    title: "The request is malformed",
    status: 400,
    detail: "The Host header is none, or was sent more than once.",
    instance,
    mayHaveRevoked: false,
  };
  const headers = { ...HEADERS, "Cache-Control": "no-store", "Content-Type": "application/problem+json" };
  return new Response(JSON.stringify(problem), { status: 400, headers });
}
