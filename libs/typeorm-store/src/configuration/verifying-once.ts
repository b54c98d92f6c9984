import type { PlanRules } from './configuration-plan.js';

/**
 * The same rules, which verify no password twice. That takes long, and each person who signs in meanwhile with a hash that is renewed changes the
 * configuration: planned anew each time, it might never come to its end.
 */
export function verifyingOnce({ isSamePassword, ...rules }: PlanRules): PlanRules {
  if (!isSamePassword) return rules;
  const known = new Map<string, Promise<boolean>>();
  return {
    ...rules,
    isSamePassword: (subject, earlierHash) => {
      const key = JSON.stringify([subject, earlierHash]);
      const answer = known.get(key) ?? isSamePassword(subject, earlierHash);
      known.set(key, answer);
      return answer;
    },
  };
}
