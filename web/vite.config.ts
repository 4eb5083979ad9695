import { fileURLToPath } from "node:url";

import react from "@vitejs/plugin-react";
import { defineConfig } from "vitest/config";

import { mockServer } from "./mock/plugin.ts";

const server = process.env["ONEFOLD_SERVER"] ?? "http://127.0.0.1:8360";

// `npm run dev` talks to a running Onefold; `npm run dev:mock` answers from web/mock instead.
export default defineConfig(({ mode }) => ({
  plugins: [react(), ...(mode === "mock" ? [mockServer()] : [])],
  resolve: { alias: { "@": fileURLToPath(new URL("src", import.meta.url)) } },
  build: {
    target: "es2023",
    // A data: font or image would need a hole in the content security policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    manifest: true,
    // The chart is the one large chunk; it is loaded when the first chart is.
    chunkSizeWarningLimit: 700,
  },
  server: mode === "mock" ? {} : { proxy: { "/api": server, "/v1": server } },
  test: { include: ["src/**/*.test.ts", "tools/**/*.test.ts"], environment: "node", env: { TZ: "UTC" } },
}));
