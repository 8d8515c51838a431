// Saving a file the API hands out. A plain link would do, but then a refusal would be
// a page of JSON; this way it becomes a problem the screen can show.
import { asProblem, Problem } from '@/api/client';

export async function download(url: string, fileName: string): Promise<void> {
  let response: Response;
  try {
    response = await fetch(url, { headers: { 'X-Juanzong': '1' }, credentials: 'same-origin' });
  } catch (error) {
    throw asProblem(error);
  }
  if (!response.ok) throw new Problem(response.status, await response.json().catch(() => undefined));
  const link = document.createElement('a');
  link.href = URL.createObjectURL(await response.blob());
  link.download = nameFrom(response) ?? fileName;
  link.click();
  // The browser needs the address until it has begun to save.
  window.setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}

function nameFrom(response: Response): string | undefined {
  const header = response.headers.get('content-disposition') ?? '';
  const encoded = /filename\*=UTF-8''([^;]+)/i.exec(header)?.[1];
  if (encoded) {
    try {
      return decodeURIComponent(encoded);
    } catch {
      return undefined;
    }
  }
  return /filename="([^"]+)"/.exec(header)?.[1];
}
