import { defineConfig } from '@playwright/test'
import { launchOptions } from '../support/browser.ts'

export default defineConfig({
  testMatch: '*.spec.ts',
  workers: 1,
  timeout: 180_000,
  // Programs and browsers of other tests share the machine.
  expect: { timeout: 60_000 },
  outputDir: process.env['PLAYWRIGHT_OUTPUT'] ?? 'test-results',
  use: { launchOptions: launchOptions() },
})
