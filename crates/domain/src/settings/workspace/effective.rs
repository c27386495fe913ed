//! What a workspace gets: the instance's defaults, then the organization's settings.

use std::collections::{HashMap, HashSet};

use super::types::{Env, WorkspaceSettings};

/// Scalars replace, arrays append, `envs` replace by name and keep their place.
pub fn effective(defaults: &WorkspaceSettings, org: &WorkspaceSettings) -> WorkspaceSettings {
    WorkspaceSettings {
        k8s_mounts: [defaults.k8s_mounts.as_slice(), &org.k8s_mounts].concat(),
        mounts: [defaults.mounts.as_slice(), &org.mounts].concat(),
        envs: by_name(&defaults.envs, &org.envs),
        dns: [defaults.dns.as_slice(), &org.dns].concat(),
        home_dir_prefix: org.home_dir_prefix.clone().or_else(|| defaults.home_dir_prefix.clone()),
        docker_network: org.docker_network.clone().or_else(|| defaults.docker_network.clone()),
    }
}

fn by_name(defaults: &[Env], org: &[Env]) -> Vec<Env> {
    let own: HashMap<&str, &Env> = org.iter().map(|env| (env.name.as_str(), env)).collect();
    let default: HashSet<&str> = defaults.iter().map(|env| env.name.as_str()).collect();
    let kept = defaults.iter().map(|env| own.get(env.name.as_str()).copied().unwrap_or(env));
    let added = org.iter().filter(|env| !default.contains(env.name.as_str()));
    kept.chain(added).cloned().collect()
}
