/** /path/MAP/client?name=: one client of a path whom only the evidence shows. */
import type { PageProps } from "../app/lazy";
import { where } from "../app/router";
import { FoundClient, style as sheets } from "./client";

export const style = sheets;
export default function FoundPage({ params }: PageProps) {
  return <FoundClient map={params.id!} name={where.value.query.get("name") ?? ""} />;
}
