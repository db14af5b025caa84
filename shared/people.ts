/** How long an invitation's link opens. */
export const INVITATION_DAYS = 7;
/** At least so many characters in a new password. */
export const PASSWORD_LENGTH_MIN = 10;
