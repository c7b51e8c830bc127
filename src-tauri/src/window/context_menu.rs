//! The menu of the right button: the system's own, with what can be done to a text and nothing of a
//! web page's.

use renraku_engine::Failure;
use renraku_engine::catalogue::Catalogue;
use tauri::menu::{Menu, PredefinedMenuItem};
use tauri::{AppHandle, Manager, WebviewWindow};

use crate::state::Shell;

/// What can be done to a text, in the order in which it is offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Deed {
    Cut,
    Copy,
    Paste,
    SelectAll,
}

impl Deed {
    /// What is offered: everything in a field, copying where a text is marked, else nothing.
    fn offered(editable: bool, marked: bool) -> &'static [Deed] {
        match (editable, marked) {
            (true, true) => &[Deed::Cut, Deed::Copy, Deed::Paste, Deed::SelectAll],
            (true, false) => &[Deed::Paste, Deed::SelectAll],
            (false, true) => &[Deed::Copy],
            (false, false) => &[],
        }
    }

    fn name(self, catalogue: &Catalogue) -> String {
        catalogue.say(match self {
            Deed::Cut => "menu-cut",
            Deed::Copy => "menu-copy",
            Deed::Paste => "menu-paste",
            Deed::SelectAll => "menu-select-all",
        })
    }
}

/// Shows the menu where the pointer is. Where the web view has a menu of its own to be filled (Linux),
/// the page does not ask for it.
#[tauri::command]
#[specta::specta]
pub(crate) async fn context_menu(
    app: AppHandle,
    window: WebviewWindow,
    editable: bool,
    marked: bool,
) -> Result<(), Failure> {
    let shell = app.state::<Shell>();
    let deeds = Deed::offered(editable, marked);
    let shown = shell.with_catalogue(|catalogue| {
        let menu = Menu::new(&app)?;
        for deed in deeds {
            let name = deed.name(catalogue);
            let name = Some(name.as_str());
            menu.append(&match deed {
                Deed::Cut => PredefinedMenuItem::cut(&app, name)?,
                Deed::Copy => PredefinedMenuItem::copy(&app, name)?,
                Deed::Paste => PredefinedMenuItem::paste(&app, name)?,
                Deed::SelectAll => PredefinedMenuItem::select_all(&app, name)?,
            })?;
        }
        if deeds.is_empty() { Ok(()) } else { window.popup_menu(&menu) }
    });
    if let Err(error) = shown {
        tracing::warn!(%error, "the menu could not be shown");
    }
    Ok(())
}

/// Has the web view show this menu in the place of its own.
#[cfg(target_os = "linux")]
pub(crate) fn replace(app: &AppHandle, window: &WebviewWindow) -> tauri::Result<()> {
    use webkit2gtk::{
        ContextMenuAction, ContextMenuExt, ContextMenuItem, HitTestResultExt, WebViewExt,
    };

    let app = app.clone();
    window.with_webview(move |webview| {
        webview.inner().connect_context_menu(move |_, menu, _, hit| {
            menu.remove_all();
            let deeds = Deed::offered(hit.context_is_editable(), hit.context_is_selection());
            app.state::<Shell>().with_catalogue(|catalogue| {
                for deed in deeds {
                    let action = match deed {
                        Deed::Cut => ContextMenuAction::Cut,
                        Deed::Copy => ContextMenuAction::Copy,
                        Deed::Paste => ContextMenuAction::Paste,
                        Deed::SelectAll => ContextMenuAction::SelectAll,
                    };
                    let name = deed.name(catalogue);
                    menu.append(&ContextMenuItem::from_stock_action_with_label(action, &name));
                }
            });
            // Whether none is shown.
            deeds.is_empty()
        });
    })
}
