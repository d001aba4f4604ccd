// One customer's events as silos see them: a lane for each channel or source, time from left to right,
// and the waits between.
import { valenceOf } from "../charts/shape";

export interface TimelineEvent {
  customer?: string; time: string; activity: string; channel: string | null; touchpoint: string | null; actor: string | null;
  text: string | null; score: number | null; scale: string | null; attributes?: Record<string, string>; since_previous_s?: number | null;
  source?: string | null; valence?: number | null;
}
export interface Placed { event: TimelineEvent; index: number; x: number; valence: number | null; wait_s: number | null }
export interface Lane { name: string; events: Placed[] }
export type LaneBy = "channel" | "source" | "actor";

/** Long silences are cut short, so that what happened has room: x grows with the root of the wait. */
export function place(events: readonly TimelineEvent[]): Placed[] {
  let at = 0;
  const raw = events.map((event, index) => {
    const before = events[index - 1];
    const wait = before ? Math.max(0, (Date.parse(event.time) - Date.parse(before.time)) / 1000) : 0;
    if (before) at += 1 + Math.sqrt(wait / 86400);
    const wait_s = before ? (event.since_previous_s ?? wait) : null;
    return { event, index, x: at, valence: event.valence ?? valenceOf(event.score, event.scale), wait_s };
  });
  return raw.map((item) => ({ ...item, x: at === 0 ? 0.5 : item.x / at }));
}

/** Lanes in the order in which the customer met them; what names none goes into the last. */
export function lanes(events: readonly TimelineEvent[], by: LaneBy, unnamed: string): Lane[] {
  const found = new Map<string, Lane>();
  for (const item of place(events)) {
    const name = item.event[by] || unnamed;
    const lane = found.get(name) ?? { name, events: [] };
    lane.events.push(item);
    found.set(name, lane);
  }
  const list = [...found.values()];
  return [...list.filter((lane) => lane.name !== unnamed), ...list.filter((lane) => lane.name === unnamed)];
}

/** A wait worth a line of its own in the list: longer than a day and than most of this customer's. */
export function longWait(wait_s: number | null, all: readonly (number | null)[]): boolean {
  if (wait_s === null || wait_s < 86400) return false;
  const known = all.filter((each): each is number => each !== null).sort((a, b) => a - b);
  return wait_s >= (known[Math.floor(known.length * 0.75)] ?? 0);
}
