// What the evidence holds, as GET /evidence sums it up for a filter.
export interface Named { name: string; count: number }
export interface Summary {
  events: number; customers: number; first: string | null; last: string | null;
  activities: Named[]; channels: Named[]; attributes: { name: string; kind?: string; values: (Named | string)[] }[];
}
export function attributeValues(summary: Summary | undefined, name: string): string[] {
  const found = summary?.attributes.find((attribute) => attribute.name === name);
  return (found?.values ?? []).map((value) => (typeof value === "string" ? value : value.name));
}
