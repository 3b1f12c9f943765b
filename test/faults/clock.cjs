// Loaded before the engine: a clock that is set back, or ahead, again and again.
const now = Date.now;
let offset = 0;
let next = now() + 50;
Date.now = () => {
  if (now() > next) {
    next = now() + 50;
    offset += (Math.random() - 0.7) * 7_200_000;
  }
  return now() + Math.round(offset);
};
