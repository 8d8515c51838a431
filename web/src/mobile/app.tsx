import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { ConfigProvider } from 'antd-mobile';
import enUS from 'antd-mobile/es/locales/en-US';
import zhCN from 'antd-mobile/es/locales/zh-CN';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@/shared/base.css';
import './app.css';
import { currentLang } from '@/i18n';
import { makeQueryClient } from '@/shared/query';
import { PhoneGate } from './PhoneGate';
import { router } from './router';

export function start(): void {
  const root = document.querySelector('#root');
  if (!root) throw new Error('the page has no root');
  createRoot(root).render(
    <StrictMode>
      <ConfigProvider locale={currentLang() === 'en' ? enUS : zhCN}>
        <QueryClientProvider client={makeQueryClient()}>
          <PhoneGate>
            {/* The router type known to the compiler is the desktop's; paths shared by both mean the same. */}
            <RouterProvider router={router as never} />
          </PhoneGate>
        </QueryClientProvider>
      </ConfigProvider>
    </StrictMode>,
  );
}
