import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { App, ConfigProvider } from 'antd';
import enUS from 'antd/locale/en_US';
import zhCN from 'antd/locale/zh_CN';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import '@/shared/base.css';
import './app.css';
import { Gate } from '@/features/session/Gate';
import { currentLang } from '@/i18n';
import { makeQueryClient } from '@/shared/query';
import { cspNonce } from '@/shared/nonce';
import { light } from '@/shared/theme';
import { router } from './router';

export function start(): void {
  const root = document.querySelector('#root');
  if (!root) throw new Error('the page has no root');
  const client = makeQueryClient();
  const nonce = cspNonce();
  createRoot(root).render(
    <StrictMode>
      <ConfigProvider
        locale={currentLang() === 'en' ? enUS : zhCN}
        theme={light}
        csp={nonce ? { nonce } : undefined}
        button={{ autoInsertSpace: false }}
        // A place of their own: dialogs in <body> itself make the library write a style
        // element without the nonce, to stop a body from scrolling that never scrolls.
        getPopupContainer={() => document.querySelector<HTMLElement>('#popups') ?? document.body}
        // Waves and the like draw attention to nothing.
        wave={{ disabled: true }}
      >
        <App>
          <QueryClientProvider client={client}>
            <Gate>
              <RouterProvider router={router} />
            </Gate>
          </QueryClientProvider>
        </App>
      </ConfigProvider>
    </StrictMode>,
  );
}
