// What Vite makes of imports that end so.
declare module "*?worker&url" {
  const url: string;
  export default url;
}
