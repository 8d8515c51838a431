import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

// The API the development server talks to; the built files are served by it.
const api = 'http://127.0.0.1:8080';
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

export default defineConfig({
  plugins: [react()],
  resolve: { alias: { '@': at('./src') } },
  // A nonce from the server replaces this literal, see index.html.
  server: { port: 5173, proxy: { '/api': api, '/iiif': api } },
  build: {
    outDir: 'dist',
    // Machines in offices lag behind: Windows 7 stops at Chrome 109, domestic browsers before.
    target: ['chrome87', 'edge88', 'firefox78', 'safari14'],
    // Inlined data: URLs would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
    modulePreload: { polyfill: false },
    rollupOptions: {
      input: { desktop: at('./index.html'), mobile: at('./m/index.html') },
      output: { entryFileNames: 'assets/[name]-[hash].js', chunkFileNames: 'assets/[name]-[hash].js' },
    },
  },
});
