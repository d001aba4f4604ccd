/* funnel: what its numbers mean (funnel_mine is declared in mine/mine.h).
 *
 * A trace walks the steps in their order. It is at a step when an event matches it; one
 * event is one step of the walk at most.
 *
 * Eventual   (the default) each step is reached by the first matching event after the one
 *            that reached the step before; anything may lie between. No other walk of the
 *            trace comes further.
 * Window     all steps within window_s of the first. Of all walks, from whichever event
 * at the first step they begin, the one that comes furthest counts; of those the one that
 * begins last. (The semantics of ClickHouse's windowFunnel.) Strict     each step is the
 * very next event after the step before. Of all such runs the one that comes furthest
 * counts; of those the last.
 *
 * reached    traces whose walk came to the step.
 * moved_on   of these, those whose walk went on to another step; at the last step: all.
 * elsewhere  of those who moved on, only over a map and in the eventual walk: those whose
 *            walk ended here, and who yet have an event of a later stage, whenever. The
 *            map's order is a belief; nobody is lost for not following it.
 * lost       of the others, those who have waited longer than the step's patience, from
 *            reaching it to the end of watching (the log's last event), and those who
 *            cannot go on any more: the window has closed, or, when strict, something
 * else came next. travelling the rest. A customer seen last week is not lost. patience
 * the 95th percentile of the times from the step to the next, over those who moved on.
 * One in twenty cannot be told from fewer than twenty: then it is the 95th percentile
 * over all steps of the funnel together, or, when those are fewer than twenty as well, of
 * all times from one event to the next in the log; but never less than the longest time
 * seen at this very step. When even these do not exist, nobody is called lost.
 *
 * Over a map the walk goes by the steps that hold people up: those that are on
 * everybody's way and were seen in the log at all.
 * - An optional step, or one that no event of the log is at, holds nobody up: the walk
 *   goes on past it, and who stops there is counted at the step before. An optional
 *   step's `reached` tells how many on their walk came by it, between the step before and
 *   the step after; it is never more than the `reached` of the step before.
 * - A choice is passed by the branch that is completed first. Who completes none is
 *   counted on the branch on which he came furthest, or got there first. So each trace is
 *   on one branch, and the branches add up. A choice with a branch that can be walked
 *   without a trace (all its steps optional, or unseen) holds nobody up, and all its
 * steps count as optional. So the sums hold: reached = moved_on + lost + travelling at
 * each step; reached of a step that holds people up = moved_on − elsewhere of the one
 * before (over a choice: of all before); each trace is lost or travelling at one step at
 * most. */
#ifndef MINE_FUNNEL_H
#define MINE_FUNNEL_H

enum { FUNNEL_FEW = 20 }; /* fewer conversions than this say no 95th percentile */

#endif
