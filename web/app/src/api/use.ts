/** useApi: a GET as the state of a component. What was seen last shows at once while the new comes. */
import { useCallback, useEffect, useRef, useState } from "preact/hooks";
import { api, Problem, type Query, url } from "./client";
import { lang } from "../lang/lang";

interface Kept { data: unknown; etag: string | null }
const kept = new Map<string, Kept>(); // least recently used goes first
const LIMIT = 60;
function keep(key: string, value: Kept): void {
  kept.delete(key);
  kept.set(key, value);
  if (kept.size > LIMIT) kept.delete(kept.keys().next().value!);
}
/** Forgets everything kept: after logging out, or when the evidence has changed. */
export function forget(prefix = ""): void {
  for (const key of [...kept.keys()]) if (key.includes(prefix)) kept.delete(key);
  listeners.forEach((l) => l(prefix));
}
const listeners = new Set<(prefix: string) => void>();

export interface ApiState<T> {
  data: T | undefined;
  etag: string | null;
  error: Problem | undefined;
  loading: boolean;
  reload: () => void;
  /** Change what is shown before the server has answered. */
  set: (data: T) => void;
}

/** path null: nothing is asked. A change of the address, or forget(prefix) of it, asks again. */
export function useApi<T>(path: string | null, query?: Query | URLSearchParams): ApiState<T> {
  const key = path === null ? null : lang.value + url(path, query);
  const [turn, setTurn] = useState(0);
  const [, redraw] = useState(0);
  const state = useRef<{ key: string | null; data?: T; etag: string | null; error?: Problem; loading: boolean }>({ key: null, etag: null, loading: false });
  if (state.current.key !== key) {
    const old = key === null ? undefined : kept.get(key);
    state.current = { key, data: old?.data as T | undefined, etag: old?.etag ?? null, loading: key !== null };
  }
  useEffect(() => {
    if (key === null || path === null) return;
    const stop = new AbortController();
    state.current.loading = true;
    api.get<T>(path, query, { signal: stop.signal }).then(
      (answer) => {
        keep(key, answer);
        state.current = { key, data: answer.data, etag: answer.etag, loading: false };
        redraw((n) => n + 1);
      },
      (error) => {
        if (stop.signal.aborted) return;
        state.current = { ...state.current, error: error instanceof Problem ? error : new Problem(-1, String(error)), loading: false };
        redraw((n) => n + 1);
      },
    );
    return () => stop.abort();
  }, [key, turn]);
  useEffect(() => {
    const again = (prefix: string) => key?.includes(prefix) && setTurn((n) => n + 1);
    listeners.add(again);
    return () => void listeners.delete(again);
  }, [key]);
  const reload = useCallback(() => setTurn((n) => n + 1), []);
  const set = useCallback((data: T) => {
    state.current = { ...state.current, data };
    if (state.current.key) keep(state.current.key, { data, etag: state.current.etag });
    redraw((n) => n + 1);
  }, []);
  return { data: state.current.data, etag: state.current.etag, error: state.current.error, loading: state.current.loading, reload, set };
}
