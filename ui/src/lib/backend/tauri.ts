// The real side of the door.
import { commands, events } from './bindings';
import type { Backend } from './door';

export const backend: Backend = {
  commands,
  events: {
    engine: (hear) => events.engineEvent.listen((event) => hear(event.payload)),
    navigate: (hear) => events.navigate.listen((event) => hear(event.payload)),
    leaveAsked: (hear) => events.leaveAsked.listen((event) => hear(event.payload)),
    closeNotice: (hear) => events.closeNotice.listen(() => hear()),
    endAsked: (hear) => events.endAsked.listen(() => hear()),
    signInAddress: (hear) => events.signInAddress.listen((event) => hear(event.payload)),
    fileDrag: (hear) => events.fileDrag.listen((event) => hear(event.payload)),
  },
};
