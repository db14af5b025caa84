import { activeShortcuts } from "../keys.ts";
import { Dialog } from "./dialog.tsx";

/** Every key that works on this page, by what it belongs to. */
export default function ShortcutSheet({ onClose }: { onClose: () => void }) {
  const by_name = Map.groupBy(activeShortcuts(), (shortcut) => shortcut.group);
  // The longest last: it fills the second column by itself.
  const groups = [...by_name].toSorted(([, a], [, b]) => a.length - b.length);
  return (
    <Dialog
      title="Shortcuts"
      class="wide"
      onClose={onClose}
      acts={
        <button class="btn" type="button" onClick={onClose}>
          Close
        </button>
      }
    >
      <div class="sheet">
        {groups.map(([group, shortcuts]) => (
          <div key={group}>
            <h3>{group}</h3>
            <dl>
              {shortcuts.map((shortcut) => (
                <div key={shortcut.key}>
                  <dt>{shortcut.does}</dt>
                  <dd>
                    <kbd>{shortcut.shown}</kbd>
                  </dd>
                </div>
              ))}
            </dl>
          </div>
        ))}
      </div>
    </Dialog>
  );
}
