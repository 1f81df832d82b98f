namespace AkkaScale.Management.Reports;

/// <summary>What this process was started with, as far as operators ask for it.</summary>
/// <param name="Store">sqlite or postgres.</param>
/// <param name="ManagementBind">Address and port of the management port.</param>
/// <param name="GatewayBind">The same of the HTTP edge; null: it has none.</param>
/// <param name="AllowDrills">Whether it may be told to end or pause itself.</param>
/// <param name="Named">Settings by name, for comparing nodes; nothing that gives access to anything.</param>
internal sealed record NodeSettings(
    string Name, string Store, string ManagementBind, string? GatewayBind, bool AllowDrills, IReadOnlyDictionary<string, string> Named);
