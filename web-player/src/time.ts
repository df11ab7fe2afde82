// The time that is left. The server says how much; between two of its words the machine's steady clock counts, which
// nobody can set: the date and time of the pupil's machine play no part.

export type Steady = () => number;

export class TimeLeft {
  private remaining = 0;
  private toldAt = 0;
  private running = false;

  constructor(private readonly steady: Steady) {}

  /** The server said so many milliseconds. */
  told(remaining: number): void {
    this.remaining = Math.max(0, remaining);
    this.toldAt = this.steady();
    this.running = true;
  }

  stop(): void {
    this.running = false;
  }

  /** Milliseconds left now; undefined while no time runs. */
  now(): number | undefined {
    if (!this.running) return undefined;
    return Math.max(0, this.remaining - (this.steady() - this.toldAt));
  }
}

/** As the page shows it: minutes and seconds, rounded up, so that 0:00 is the end and not the last second. */
export function shown(milliseconds: number): string {
  const seconds = Math.ceil(milliseconds / 1000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

/** Minutes at which the time left is said aloud. */
export const ANNOUNCED = [10, 5, 1];

/** The announcement that is due between two looks at the clock; undefined when none is. */
export function announcement(before: number, now: number): number | undefined {
  return ANNOUNCED.find((minutes) => before > minutes * 60_000 && now <= minutes * 60_000);
}
