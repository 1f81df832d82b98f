namespace AkkaScale.Management.Nodes;

/// <summary>A plain record between nodes, sent as JSON by <see cref="ManagementMessageSerializer"/>, which lists them all.</summary>
internal interface IManagementMessage;
