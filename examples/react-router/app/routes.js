import { index, route } from "@react-router/dev/routes";

export default [index("./page.jsx"), route("api/revocations", "./revocations.js")];
