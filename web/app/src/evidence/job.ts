// An import under way: asked after twice a second until it is over.
import { useEffect, useState } from "preact/hooks";
import { api, Problem } from "../api/client";
import type { Reject } from "./columns";

export interface ImportResult {
  import?: string | number; source?: string; rows: number; stored: number; rejected: number; events: number; added?: number; known?: number; customers?: number;
  reasons?: { reason: string; count: number }[]; rejects?: Reject[]; notes?: string[];
}
export interface Job {
  id: string; kind: string; state: "waiting" | "running" | "done" | "failed" | "cancelled"; fraction: number | null; step?: string | null;
  result?: ImportResult | null; problem?: { title?: string; detail?: string; hint?: string; code?: string; where?: string } | null;
}
export const over = (job: Job): boolean => job.state === "done" || job.state === "failed" || job.state === "cancelled";

export function useJob(id: string | null, onOver: (job: Job) => void): { job: Job | null; error: Problem | null } {
  const [job, setJob] = useState<Job | null>(null);
  const [error, setError] = useState<Problem | null>(null);
  useEffect(() => {
    if (id === null) return;
    const stop = new AbortController();
    let timer = 0;
    const look = () =>
      api.get<Job>(`/jobs/${encodeURIComponent(id)}`, undefined, { signal: stop.signal }).then(
        ({ data }) => {
          setJob(data);
          setError(null);
          if (over(data)) onOver(data);
          else timer = window.setTimeout(look, 400);
        },
        (problem: unknown) => {
          if (stop.signal.aborted) return;
          setError(problem instanceof Problem ? problem : new Problem(-1, String(problem)));
          if (problem instanceof Problem && problem.unreachable) timer = window.setTimeout(look, 2000);
        },
      );
    void look();
    return () => { stop.abort(); clearTimeout(timer); };
  }, [id]);
  return { job, error };
}
