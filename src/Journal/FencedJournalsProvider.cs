using Akka.Actor;

namespace AkkaScale.Journal;

/// <summary>Makes the one <see cref="FencedJournals"/> of a system.</summary>
public sealed class FencedJournalsProvider : ExtensionIdProvider<FencedJournals>
{
    public override FencedJournals CreateExtension(ExtendedActorSystem system) => new(system);
}
