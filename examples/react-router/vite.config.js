import { reactRouter } from "@react-router/dev/vite";

export default {
  plugins: [reactRouter()],
  // For the development server of Vite 7.
  optimizeDeps: { exclude: ["autorevoke"] },
};
