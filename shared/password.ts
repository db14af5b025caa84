/** The shortest password a person may choose. */
export const PASSWORD_LENGTH_MIN = 10;
