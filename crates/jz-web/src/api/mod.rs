//! Handlers by area. A new endpoint is a handler in its area, a line in `routes` there,
//! and a line in the registry.

mod audit;
mod identity;
mod iiif;
mod intake;
mod jobs;
mod member;
mod org;
mod page;
mod search;
mod system;
mod volume;

use crate::router::AppState;
use utoipa_axum::router::OpenApiRouter;

/// All documented routes.
pub fn routes() -> OpenApiRouter<AppState> {
    OpenApiRouter::new()
        .merge(identity::routes())
        .merge(audit::routes())
        .merge(org::routes())
        .merge(member::routes())
        .merge(iiif::routes())
        .merge(intake::routes())
        .merge(volume::routes())
        .merge(page::routes())
        .merge(search::routes())
        .merge(jobs::routes())
        .merge(system::routes())
}
