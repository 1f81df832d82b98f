namespace AkkaScale.Tests.Unit.Architecture.CircleSamples.Apart;

/// <summary>Used by a circle, uses nothing.</summary>
internal sealed class ApartSample;
