tray-tooltip = Renraku – { $status }
