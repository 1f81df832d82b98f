using Akka.Actor.Setup;

namespace AkkaScale.Sharding.Options;

/// <summary>Carries what all steered regions of a system share.</summary>
internal sealed class SteeredRegionsSetup(AllocationOptions allocation, TimeProvider time) : Setup
{
    public AllocationOptions Allocation => allocation;

    public TimeProvider Time => time;
}
