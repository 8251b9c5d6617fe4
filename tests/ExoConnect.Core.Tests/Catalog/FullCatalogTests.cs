using System.Text.Json;
using ExoConnect.Core.Catalog;
using ExoConnect.Core.Environments;
using ExoConnect.Core.Tests.Certificates;
using ExoConnect.LocalTenant;
using Tenant = ExoConnect.LocalTenant.Catalog;
using TenantModule = ExoConnect.LocalTenant.Catalog.ModuleFile;

namespace ExoConnect.Core.Tests.Catalog;

/// <summary>The whole catalog of both services, as the local tenant writes it.</summary>
public class FullCatalogTests
{
    [Theory]
    [InlineData(ExoService.ExchangeOnline, 846)]
    [InlineData(ExoService.SecurityCompliance, 271)]
    public void Everything_the_tenant_writes_is_read_back(ExoService service, int count)
    {
        var rsa = TestCertificates.Key;
        var tenantService = service == ExoService.ExchangeOnline ? TenantService.ExchangeOnline : TenantService.SecurityCompliance;
        var models = Tenant.CmdletCatalog.Load(null).Of(tenantService).ToArray();
        var response = JsonSerializer.SerializeToUtf8Bytes(new
        {
            value = new[]
            {
                new { fileName = "Session.Format.ps1xml", fileContent = TenantModule.Formats() },
                new { fileName = "Session.psm1", fileContent = TenantModule.Script(tenantService, models, rsa.ToXmlString(false)) },
            },
            exportedCmdlets = string.Join(',', models.Select(model => model.Name)),
        });

        var catalog = ModuleFileResponse.Read(response, service);

        Assert.Equal(count, catalog.Cmdlets.Count);
        Assert.Equal(0, catalog.UnreadableCount);
        Assert.Equal(2048, catalog.Key!.KeySize);
        foreach (var model in models)
        {
            Assert.True(catalog.TryGet(model.Name, out var cmdlet));
            AssertEqual(model, cmdlet);
        }
    }

    private static void AssertEqual(Tenant.CmdletDefinition model, CmdletDefinition cmdlet)
    {
        var expected = model.Parameters.Where(parameter => !(model.SupportsShouldProcess && parameter.Name is "WhatIf" or "Confirm")).ToArray();
        Assert.Equal(model.DefaultParameterSet, cmdlet.DefaultParameterSetName);
        Assert.Equal(model.SupportsShouldProcess, cmdlet.SupportsShouldProcess);
        Assert.Equal(0, cmdlet.SkippedParameters);
        Assert.Equal(expected.Select(parameter => parameter.Name), cmdlet.Parameters.Select(parameter => parameter.Name));
        foreach (var (parameter, actual) in expected.Zip(cmdlet.Parameters))
        {
            Assert.Equal(
                parameter.Sets.DistinctBy(set => set.Name)
                    .Select(set => new ParameterSetMembership(set.Name, set.Mandatory, set.Position, set.Pipeline, set.PipelineByName)),
                actual.Sets);

            // One parameter of the reference has PowerShell's own alias of -WhatIf by mistake.
            Assert.Equal(parameter.Aliases.Where(alias => !(model.SupportsShouldProcess && alias is "wi" or "cf")), actual.Aliases);
            Assert.True(
                actual.Kind != ParameterKind.Other || parameter.Type is "Dictionary" or "RegionInfo" or "Stream" or "UInt16",
                $"{model.Name} {parameter.Type}");
        }
    }
}
