// Journeys on the demonstration network: the server is started once, on a port of its own, with a fresh database.
// Chromium comes from the system (Debian's package), so nothing is downloaded: CHROMIUM names another one.
import { defineConfig } from "@playwright/test";

const port = Number(process.env.ZEREK_E2E_PORT ?? 18473);
const target = process.env.CARGO_TARGET_DIR ?? "../target";
const zerek = process.env.ZEREK ?? `${target}/debug/zerek`;

export default defineConfig({
  testDir: "journeys",
  outputDir: "test-results",
  fullyParallel: false,
  workers: 1,
  timeout: 180_000,
  expect: { timeout: 10_000 },
  forbidOnly: true,
  retries: 0,
  reporter: [["list"]],
  use: {
    baseURL: `http://127.0.0.1:${port}`,
    browserName: "chromium",
    launchOptions: {
      executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
      args: ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
    },
    screenshot: "only-on-failure",
    trace: "off",
  },
  webServer: {
    command: `node serve.mjs ${zerek} ${port}`,
    url: `http://127.0.0.1:${port}/health`,
    timeout: 600_000,
    reuseExistingServer: false,
    stdout: "pipe",
  },
});
