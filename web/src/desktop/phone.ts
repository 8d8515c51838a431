const STAY = 'juanzong.desktop';

/** Goes to the phone pages when the screen is a telephone's; true when it did. */
export function leadToPhone(): boolean {
  const small = Math.min(screen.width, screen.height) < 600;
  if (!small || stays()) return false;
  // Addresses of records mean the same on both.
  const deep = /^\/((people|volumes|read|imports|volumes\/import)\/\d+|(imports|volumes|volumes\/import|search|jobs|ledger)$)/.test(location.pathname);
  location.replace(`/m${deep ? location.pathname + location.search : ''}`);
  return true;
}

/** Whether somebody asked for the desktop pages in this tab. */
function stays(): boolean {
  try {
    return sessionStorage.getItem(STAY) === '1';
  } catch {
    return false;
  }
}

export function stayOnDesktop(): void {
  try {
    sessionStorage.setItem(STAY, '1');
  } catch {
    // Without storage the phone pages come back at the next load.
  }
  location.assign('/');
}
