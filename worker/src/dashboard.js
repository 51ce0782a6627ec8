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

const HEADERS = {
  "Cache-Control": "no-cache",
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Content-Security-Policy":
    "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; connect-src 'self'; " +
    "img-src 'self' data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
};

export default {
  async fetch(request, env) {
    return (await file(request, env)) ?? env.EDGE.fetch(request);
  },
};

/** The file at this address, or nothing. */
async function file(request, env) {
  const { pathname, origin } = new URL(request.url);
  const path = pathname === "/" ? "/index.html" : pathname;
  const mediaType = MEDIA_TYPES[/\.([a-z]+)$/.exec(path)?.[1]];
  if (request.method !== "GET" || !mediaType || path.startsWith("/v1/")) return undefined;
  const found = await env.ASSETS.fetch(new Request(new URL(path, origin)));
  if (found.ok) return new Response(found.body, { headers: { ...HEADERS, "Content-Type": mediaType } });
  await found.body?.cancel();
  return undefined;
}
