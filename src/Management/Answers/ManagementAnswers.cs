namespace AkkaScale.Management.Answers;

// The shapes of the management API, as docs/management-api.md lists them: probes and orders.

/// <param name="Reasons">Left out where there are none.</param>
internal sealed record HealthAnswer(
    string Status,
    [property: System.Text.Json.Serialization.JsonIgnore(Condition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull)]
    IReadOnlyList<string>? Reasons);

/// <summary>Body of an order; every member may be left out.</summary>
internal sealed record OrderRequest(string? Reason = null, string? By = null) : IOrderRequest;

/// <summary>What every order may say of itself.</summary>
internal interface IOrderRequest
{
    string? Reason { get; }

    string? By { get; }
}
