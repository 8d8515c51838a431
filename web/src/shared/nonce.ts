/** The nonce the server wrote into the page, for the style sheets antd makes. */
export function cspNonce(): string | undefined {
  const nonce = document.querySelector('meta[name="csp-nonce"]')?.getAttribute('content');
  return nonce && !nonce.startsWith('__') ? nonce : undefined;
}
