// An answer that stays on the page, paler, while the next one comes: a filter does not blank the view.
import { useRef } from "preact/hooks";
import type { Query } from "../api/client";
import { useApi, type ApiState } from "../api/use";

export function useKept<T>(path: string | null, query?: Query | URLSearchParams): ApiState<T> & { stale: boolean } {
  const state = useApi<T>(path, query);
  const last = useRef<{ path: string; data: T } | null>(null);
  if (path !== null && state.data !== undefined) last.current = { path, data: state.data };
  const old = state.data === undefined && last.current && last.current.path === path ? last.current.data : undefined;
  return { ...state, data: state.data ?? old, stale: old !== undefined };
}
