import { useEffect, useRef, useState, type RefObject } from 'react';
import type { Leaf } from './layout';
import { Stage, type StageEvents } from './stage';

/** A stage that lives as long as the element; `events` may change at any time. */
export function useStage(element: RefObject<HTMLElement | null>, all: Leaf[], start: number, events: StageEvents): Stage | null {
  const [stage, setStage] = useState<Stage | null>(null);
  const latest = useRef(events);
  const first = useRef(start);
  useEffect(() => {
    latest.current = events;
  });
  useEffect(() => {
    if (!element.current) return undefined;
    const made = new Stage(element.current, {
      onCurrent: (i) => latest.current.onCurrent(i),
      onClickPage: (i, x, y) => latest.current.onClickPage(i, x, y),
      onFailed: (i) => latest.current.onFailed(i),
    });
    setStage(made);
    return () => {
      setStage(null);
      made.destroy();
    };
  }, [element]);
  useEffect(() => {
    stage?.setLeaves(all, first.current);
  }, [stage, all]);
  return stage;
}
