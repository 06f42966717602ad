/** The file look.css, put there where the widget is assembled. */
export const LOOK: string;
