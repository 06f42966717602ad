/** The content of tiles.txt, inserted by build.rs. */
export const TILES: string;
