import type { Hit } from '@/api/types';

/** The words around a hit, the hit itself marked. */
export function Snippet({ parts }: { parts: Hit['snippet'] }) {
  return (
    <span className="snippet">
      {parts.map((p, i) => (p.hit ? <mark key={i}>{p.text}</mark> : <span key={i}>{p.text}</span>))}
    </span>
  );
}
