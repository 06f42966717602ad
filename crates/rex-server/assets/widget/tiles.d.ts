/** The file tiles.txt, put there where the widget is assembled. */
export const TILES: string;
