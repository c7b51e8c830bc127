/// <reference types="vitest/config" />
import { svelte } from '@sveltejs/vite-plugin-svelte';
import { svelteTesting } from '@testing-library/svelte/vite';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig(({ mode }) => ({
  base: './',
  plugins: [svelte(), svelteTesting()],
  resolve: {
    alias: {
      // The one door to the backend: the app's own build goes to Rust, every other one to the demo.
      '$lib/backend/chosen': here(
        mode === 'production' ? './src/lib/backend/tauri.ts' : './src/lib/backend/demo/index.ts',
      ),
      $lib: here('./src/lib'),
      $locales: here('../locales'),
    },
  },
  server: { fs: { allow: ['..'] } },
  // WebKitGTK 2.40, Safari 16.4 and current WebView2 are the oldest web views the app meets.
  build: {
    target: ['safari16.4', 'chrome111'],
    modulePreload: false,
    reportCompressedSize: false,
    // What is shipped with the app is named in the third-party notices.
    license: true,
  },
  test: {
    testTimeout: 20_000,
    environment: 'jsdom',
    setupFiles: ['./src/test/setup.ts'],
    include: ['src/**/*.test.ts'],
    css: false,
  },
}));
