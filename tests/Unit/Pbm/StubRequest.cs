namespace AkkaScale.Tests.Unit.Pbm;

/// <summary>One request as the stub saw it.</summary>
/// <param name="Number">From 1, over all gateways of the stub.</param>
/// <param name="Entity">kind/id</param>
public sealed record StubRequest(
    int Number, int Gateway, string Method, string Entity, string Verb, string Body, string? Key, string? User);
