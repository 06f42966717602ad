/** The content of look.css, inserted by build.rs. */
export const LOOK: string;
