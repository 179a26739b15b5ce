using Grpc.Core;
using RetailInvoicing.Invoicing.Doors;
using RetailInvoicing.ServiceDefaults;
using Rpc = RetailInvoicing.Contracts.Grpc.Invoicing;

namespace RetailInvoicing.Invoicing.En16931;

/// <summary>Documents of anybody, judged over gRPC: the same verdict as by HTTP.</summary>
internal sealed class ValidationRpc : Rpc.Validation.ValidationBase
{
    public override Task<Rpc.DocumentVerdict> Validate(Rpc.ValidateDocument request, ServerCallContext context)
    {
        var profile =
            ValidationDoors.ProfileOf(request.Profile) ?? throw DoorFaults.BadParameter.With("profile", "en16931, peppol").ToRpc();
        var verdict = Verdict.Of(request.Document.Memory, profile, request.Language).OrRpcFault();
        var answer = new Rpc.DocumentVerdict
        {
            Valid = verdict.Valid,
            Syntax = verdict.Syntax,
            Profile = verdict.Profile,
        };
        answer.Findings.AddRange(
            verdict.Findings.Select(finding => new Rpc.DocumentFinding
            {
                Rule = finding.Rule,
                Severity = finding.Severity == Severity.Fatal ? "fatal" : "warning",
                Location = finding.Location,
                Message = finding.Message,
            })
        );
        return Task.FromResult(answer);
    }
}
