/** What one look found. */
export interface Finding {
  /** What was looked at. */
  readonly check: string;
  readonly status: 'fine' | 'warning' | 'problem' | 'unchecked';
  readonly message: string;
  /** How to mend it. */
  readonly remedy?: string;
}

/** The ways to tell a finding, for one check. */
export function findings(check: string) {
  return {
    fine: (message: string): Finding => ({ check, status: 'fine', message }),
    warning: (message: string, remedy: string): Finding => ({ check, status: 'warning', message, remedy }),
    problem: (message: string, remedy: string): Finding => ({ check, status: 'problem', message, remedy }),
    unchecked: (message: string, remedy: string): Finding => ({ check, status: 'unchecked', message, remedy }),
  };
}
