using AkkaScale.Management.Reports;

namespace AkkaScale.Management.Nodes;

/// <summary>Asks a node what it says of itself.</summary>
internal sealed record AskReport : IManagementMessage;

internal sealed record ReportAnswer(NodeReport Report) : IManagementMessage;
