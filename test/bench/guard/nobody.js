/** Whose things the unprotected route shows: as long as a subject, so that all answers are. */
export const nobody = '00000000-0000-4000-8000-000000000000';
